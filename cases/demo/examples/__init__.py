"""The four example families of the joint petition, as data of the demo, and how their cases are played."""
