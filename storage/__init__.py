"""What is kept: tables and queries. Never commits, never decides."""
