"""The example cases, played through the actions at their own dates and held to every line of what they expect."""
