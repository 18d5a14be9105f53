"""Process that tells subscribers about changes: matches the change log with subscriptions and delivers messages."""
