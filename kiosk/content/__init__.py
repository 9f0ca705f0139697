"""What people are asked and shown as data: questionnaire, strings, Hmong spelling, fonts."""
