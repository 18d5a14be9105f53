"""The runbook's on-call rotation and alert channels, as the tests want them."""

ROTATION = {
    "Monday": ("devops-lead", "senior-dev-1"),
    "Tuesday": ("senior-dev-1", "devops-lead"),
    "Wednesday": ("senior-dev-2", "qa-lead"),
    "Thursday": ("qa-lead", "senior-dev-2"),
    "Friday": ("devops-lead", "senior-dev-1"),
    "Saturday": ("on-call-rotation",),
    "Sunday": ("on-call-rotation",),
}
"""Primary and secondary by day; at the weekend one number that the team passes on."""

CHANNELS = {
    "critical": {"sms", "email", "slack"},
    "warning": {"email", "slack"},
    "info": {"slack"},
}
COMMANDERS = {
    "devops-lead": "DevOps Lead",
    "senior-dev-1": "Senior Dev 1",
    "senior-dev-2": "Senior Dev 2",
    "qa-lead": "QA Lead",
    "on-call-rotation": "On-call rotation",
}
