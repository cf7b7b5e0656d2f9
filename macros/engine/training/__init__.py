"""Training: a scenario told to a room, question by question, with its debrief."""
