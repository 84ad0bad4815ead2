"""Orders: several matters filed together and followed as one (docs/adr/0021). Commands, reads, and what comes later."""
