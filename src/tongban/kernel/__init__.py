"""The pure heart: clock, flow, rules, chain, numbers. No Django, no clock reading, no I/O."""
