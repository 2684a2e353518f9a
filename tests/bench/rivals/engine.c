/*
 * The default plan in C, as fast as one program for one plan and one machine may be written in an afternoon: volume,
 * standing, differential and overrides of members that stand breadth first.
 *
 * A sponsor's legs lie side by side behind the sponsor, so one pass from the last member to the first pulls everything
 * from legs that are settled already and still in the cache. Overrides follow one pointer a member to the nearest who
 * earns any, and from there a pointer a generation. plan.h, made from the plan's terms, has all numbers and conditions.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "plan.h"

#define WHOLE 1000000 /* hundredths of a point × basis points, in a point */

typedef struct {
    const int32_t *sponsor, *first_leg, *leg_count, *enroller;
    const int8_t *market, *training, *title_before, *missed_before;
    const int64_t *own_pv, *customer_pv, *own_cv, *customer_cv;
} company;

typedef struct {
    int64_t *gv;
    int32_t *step;
    int8_t *broken_away;
    int32_t *title;
    int64_t *differential_minor, *override_minor;
} results;

typedef struct {
    int64_t *total, *group_cv, *pv;   /* total group volume; CV of the own group */
    int64_t (*held)[STEPS];           /* CV of the open group by the step that counts as paid on it */
    int32_t *enrolled;                /* active members whom the member enrolled */
    int8_t *active, *below, *opens;   /* anybody in the leg has broken away; generations that the member may earn */
    int32_t *nearest;                 /* the nearest above who may earn any generation */
    int32_t (*above)[GENERATIONS + 1]; /* of those who may: the nearest above who may earn generation g */
} work;

static const int64_t percents[] = PERCENTS, rates[] = RATES, minor[] = MINOR_PER_POINT;
static const int8_t generations_of[] = GENERATIONS_OF;

static void sales(int64_t n, const company *in, work *w) {
    for (int64_t i = 0; i < n; i++) {
        int64_t own = in->own_pv[i] < OWN_PV_LIMIT ? in->own_pv[i] : OWN_PV_LIMIT;
        int64_t pv = w->pv[i] = own + in->customer_pv[i];
        w->active[i] = ACTIVE;
        if (w->active[i] && in->enroller[i] >= 0) w->enrolled[in->enroller[i]]++;
    }
}

static void standing(int64_t n, const company *in, work *w, results *out) {
    for (int64_t i = n - 1; i >= 0; i--) {
        int64_t pv = w->pv[i], gv = pv, total = pv, side_volume = pv, cv = in->own_cv[i] + in->customer_cv[i];
        int64_t group_cv = cv;
        int32_t legs_selling = 0, legs_broken_away = 0;
        int64_t first = in->first_leg[i], end = first + in->leg_count[i];
        for (int64_t leg = first; leg < end; leg++) {
            total += w->total[leg];
            legs_selling += w->total[leg] >= LEG_VOLUME;
            legs_broken_away += w->below[leg];
            if (!out->broken_away[leg]) {
                gv += out->gv[leg];
                group_cv += w->group_cv[leg];
                if (out->step[leg] < STEPS - 1) side_volume += out->gv[leg];
            }
        }
        int32_t enrolled_active = w->enrolled[i], training = in->training[i], title_before = in->title_before[i];
        int32_t step = STEP;
        int32_t achieved = ACHIEVED;
        int kept = achieved >= title_before || KEPT;
        int lost = title_before > 0 && !kept && in->missed_before[i] + 1 >= WINDOW_PERIODS;
        int32_t title = lost || achieved > title_before ? achieved : title_before;
        int8_t broken_away = (title_before >= BREAKAWAY_TITLE && !lost) || BREAKS;
        w->opens[i] = w->active[i] && title >= LOWEST_TITLE && GATE ? generations_of[title] : 0;
        w->total[i] = total;
        w->group_cv[i] = group_cv;
        w->below[i] = broken_away || legs_broken_away > 0;
        out->gv[i] = gv;
        out->step[i] = step;
        out->title[i] = title;
        out->broken_away[i] = broken_away;

        int32_t paid = w->active[i] ? step : 0;
        int64_t held[STEPS] = {0}, earned = 0, value = minor[in->market[i]];
        held[paid] = cv;
        for (int64_t leg = first; leg < end; leg++) {
            if (out->broken_away[leg]) continue;
            for (int below = 0; below < paid; below++) {
                int64_t base = w->held[leg][below];
                earned += base * (percents[paid] - percents[below]) * value / WHOLE;
                held[paid] += base;
            }
            for (int below = paid; below < STEPS; below++) held[below] += w->held[leg][below];
        }
        for (int at = 0; at < STEPS; at++) w->held[i][at] = held[at];
        out->differential_minor[i] = earned;
    }
}

static void overrides(int64_t n, const company *in, work *w, results *out) {
    for (int64_t i = 0; i < n; i++) {
        int32_t up = in->sponsor[i];
        int32_t nearest = w->nearest[i] = up < 0 ? -1 : w->opens[up] ? up : w->nearest[up];
        if (w->opens[i])
            for (int g = 1; g <= GENERATIONS; g++)
                w->above[i][g] = nearest < 0 || w->opens[nearest] >= g ? nearest : w->above[nearest][g];
        if (!out->broken_away[i]) continue;
        int32_t at = i;
        for (int g = 1; g <= GENERATIONS; g++) {
            int32_t next = w->nearest[at];
            if (next >= 0 && w->opens[next] < g) next = w->above[next][g];
            if (next < 0) break;
            out->override_minor[next] += w->group_cv[i] * rates[g - 1] * minor[in->market[next]] / WHOLE;
            at = next;
        }
    }
}

/* Take memory; much of it in large pages where the system has them, as numpy does for Handrail's columns. */
static void *taken_for(int64_t n, size_t bytes) {
    size_t page = 1 << 21, whole = (n * bytes + page - 1) / page * page;
    if (n * bytes < 2 * page) return malloc(n * bytes);
    void *found = aligned_alloc(page, whole);
#ifdef MADV_HUGEPAGE
    if (found) madvise(found, whole, MADV_HUGEPAGE);
#endif
    return found;
}

/* Compute one period; the results are the caller's, and all else is taken here and given back. 1 where memory ends. */
int settle(int64_t n, const company *in, results *out) {
    work w = {
        .total = taken_for(n, sizeof(int64_t)), .group_cv = taken_for(n, sizeof(int64_t)),
        .pv = taken_for(n, sizeof(int64_t)), .held = taken_for(n, sizeof(int64_t[STEPS])),
        .enrolled = calloc(n, sizeof(int32_t)), .nearest = taken_for(n, sizeof(int32_t)),
        .active = taken_for(n, 1), .below = taken_for(n, 1), .opens = taken_for(n, 1),
        .above = malloc(n * sizeof(int32_t[GENERATIONS + 1])), /* few members earn overrides: few pages are touched */
    };
    void *taken[] = {w.total, w.group_cv, w.pv, w.held, w.enrolled, w.active, w.below, w.opens, w.nearest, w.above};
    int missing = 0;
    for (size_t at = 0; at < sizeof taken / sizeof *taken; at++) missing |= n > 0 && !taken[at];
    if (!missing) {
        sales(n, in, &w);
        standing(n, in, &w, out);
        overrides(n, in, &w, out);
    }
    for (size_t at = 0; at < sizeof taken / sizeof *taken; at++) free(taken[at]);
    return missing;
}
