"""
Pulse: the worker's own pace; coalesces announced orders into one refresh.
"""
