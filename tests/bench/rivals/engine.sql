-- The default plan in PostgreSQL, a set of members at a time: level by level from the deepest up, for whether a leg has
-- broken away decides what its upline has, and no recursive query may add up before it goes on.
--
-- Words in {braces} are the plan's conditions and tables, in this language, from the plan's terms.

CREATE UNLOGGED TABLE member (
    id integer PRIMARY KEY, sponsor integer, level integer, enroller integer, market integer, training integer,
    title_before integer, missed_before integer, own_pv bigint, customer_pv bigint, own_cv bigint, customer_cv bigint
);

CREATE UNLOGGED TABLE own (id integer, sponsor integer, level integer, market integer, training integer,
    title_before integer, missed_before integer, pv bigint, cv bigint, active boolean);
CREATE INDEX ON own (level);

CREATE UNLOGGED TABLE enrolled (id integer PRIMARY KEY, active_members bigint);

CREATE UNLOGGED TABLE standing (id integer PRIMARY KEY, sponsor integer, level integer, market integer,
    gv bigint, total bigint, group_cv bigint, cv bigint, step integer, paid_step integer, broken_away boolean,
    below boolean, title integer, opens integer);
CREATE INDEX ON standing (level);

CREATE UNLOGGED TABLE held (id integer, sponsor integer, level integer, open boolean, step integer, cv bigint);
CREATE INDEX ON held (level);

CREATE UNLOGGED TABLE above (id integer PRIMARY KEY, {above_columns});

CREATE UNLOGGED TABLE result (id integer, gv bigint, step integer, broken_away boolean, title integer,
    differential_minor bigint, override_minor bigint);

CREATE FUNCTION settle() RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    deepest integer := (SELECT max(level) FROM member);
BEGIN
    TRUNCATE own, enrolled, standing, held, above, result;

    INSERT INTO own
    SELECT id, sponsor, level, market, training, title_before, missed_before, pv, cv, {active}
    FROM (SELECT *, least(own_pv, {own_pv_limit}) + customer_pv AS pv, own_cv + customer_cv AS cv FROM member) sold;

    INSERT INTO enrolled
    SELECT enroller, count(*) FROM own JOIN member USING (id) WHERE active AND enroller IS NOT NULL GROUP BY enroller;
    ANALYZE own, enrolled;

    FOR here IN REVERSE deepest..0 LOOP
        INSERT INTO standing
        SELECT id, sponsor, level, market, gv, total, group_cv, cv, step,
               CASE WHEN active THEN step ELSE 0 END, broken_away, broken_away OR legs_broken_away > 0, title,
               CASE WHEN active AND title >= {lowest_title} AND {gate}
                    THEN ({generations})[title + 1] ELSE 0 END
        FROM (
            SELECT *, (title_before >= {breakaway_title} AND NOT lost) OR {breaks} AS broken_away,
                   CASE WHEN lost THEN achieved ELSE greatest(title_before, achieved) END AS title
            FROM (
                SELECT *, title_before > 0 AND achieved < title_before AND NOT {kept}
                          AND missed_before + 1 >= {window_periods} AS lost
                FROM (
                    SELECT *, {achieved} AS achieved
                    FROM (
                        SELECT *, {step} AS step
                        FROM (
                            SELECT own.*, pv + coalesce(legs.gv, 0) AS gv, pv + coalesce(legs.total, 0) AS total,
                                   pv + coalesce(legs.side_volume, 0) AS side_volume,
                                   cv + coalesce(legs.group_cv, 0) AS group_cv,
                                   coalesce(legs.selling, 0) AS legs_selling,
                                   coalesce(legs.broken_away, 0) AS legs_broken_away,
                                   coalesce(enrolled.active_members, 0) AS enrolled_active
                            FROM own
                            LEFT JOIN enrolled ON enrolled.id = own.id
                            LEFT JOIN (
                                SELECT sponsor, sum(total)::bigint AS total,
                                       sum(gv) FILTER (WHERE NOT broken_away)::bigint AS gv,
                                       sum(group_cv) FILTER (WHERE NOT broken_away)::bigint AS group_cv,
                                       sum(gv) FILTER (WHERE NOT broken_away AND step < {top_step})::bigint
                                           AS side_volume,
                                       count(*) FILTER (WHERE total >= {leg_volume}) AS selling,
                                       count(*) FILTER (WHERE below) AS broken_away
                                FROM standing WHERE level = here + 1 GROUP BY sponsor
                            ) legs ON legs.sponsor = own.id
                            WHERE own.level = here
                        ) volumes
                    ) steps
                ) titles
            ) upkeep
        ) settled;

        INSERT INTO held
        SELECT id, sponsor, here, NOT broken_away, at, sum(cv)::bigint
        FROM (
            SELECT id, sponsor, broken_away, paid_step AS at, cv FROM standing WHERE level = here
            UNION ALL
            SELECT up.id, up.sponsor, up.broken_away, greatest(up.paid_step, leg.step), leg.cv
            FROM held leg JOIN standing up ON up.id = leg.sponsor
            WHERE leg.level = here + 1 AND leg.open AND up.level = here
        ) both_own_and_legs
        GROUP BY id, sponsor, broken_away, at;
    END LOOP;
    ANALYZE standing, held;

    FOR here IN 0..deepest LOOP
        INSERT INTO above
        SELECT leg.id, {above_values}
        FROM standing leg LEFT JOIN standing up ON up.id = leg.sponsor LEFT JOIN above ON above.id = leg.sponsor
        WHERE leg.level = here;
    END LOOP;
    ANALYZE above;

    INSERT INTO result
    WITH RECURSIVE differential AS (
        SELECT up.id, sum(leg.cv * (({percents_bp})[up.paid_step + 1] - ({percents_bp})[leg.step + 1])
                          * ({minor_per_point})[up.market + 1] / {whole})::bigint AS amount
        FROM held leg JOIN standing up ON up.id = leg.sponsor
        WHERE leg.open AND leg.step < up.paid_step
        GROUP BY up.id
    ), climbed (cv, at, generation) AS (
        SELECT group_cv, id, 0 FROM standing WHERE broken_away
        UNION ALL
        SELECT cv, ({above_array})[generation + 1], generation + 1
        FROM climbed JOIN above ON above.id = climbed.at
        WHERE generation < {depth} AND ({above_array})[generation + 1] IS NOT NULL
    ), overrides AS (
        SELECT earner.id, sum(climbed.cv * ({rates_bp})[generation]
                              * ({minor_per_point})[earner.market + 1] / {whole})::bigint AS amount
        FROM climbed JOIN standing earner ON earner.id = climbed.at
        WHERE generation > 0
        GROUP BY earner.id
    )
    SELECT id, gv, step, broken_away, title, coalesce(differential.amount, 0), coalesce(overrides.amount, 0)
    FROM standing LEFT JOIN differential USING (id) LEFT JOIN overrides USING (id);
END
$$;
