"""The phone page of `waymark simulator`: what customers would see in their hands."""
