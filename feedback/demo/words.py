"""What the demo's customers write, in our own words: by feeling and by what it is about."""

from __future__ import annotations

from collections.abc import Mapping

FIRST_NAMES = (
    "Ada", "Amir", "Bea", "Callum", "Carys", "Dev", "Edie", "Ewan", "Fatima", "Freya", "Gita",
    "Harry", "Imogen", "Ines", "Jack", "Jo", "Kofi", "Lena", "Liam", "Maya", "Morgan", "Nia",
    "Noor", "Olu", "Owen", "Petra", "Priya", "Rhys", "Rosa", "Sam", "Sanjay", "Tess", "Tom",
    "Uma", "Wen", "Yusuf", "Zoe",
)  # fmt: skip

ITEMS = ("fern", "monstera", "peace lily", "olive tree", "snake plant", "calathea", "rubber plant")

PAINS: Mapping[str, tuple[str, ...]] = {
    "late": (
        "It came four days late and nobody told me.",
        "Delivery took far too long, nearly two weeks.",
        "The parcel was late again, third time now",
        "Promised Tuesday, arrived Saturday. Too slow.",
        "waited in all day for it and it turned up two days later",
        "So slow! Next day delivery took a week.",
        "The delivery date slipped twice before it finally came.",
        "Late. I needed it for a birthday and it missed it.",
        "Shipping was very slow, I'd nearly given up on it.",
        "Came a week after the day you promised me.",
    ),
    "refund": (
        "Still waiting for my refund after three weeks.",
        "The refund took a month to come through.",
        "I sent it back and had to chase you for my money.",
        "Returning it was a nightmare and the refund was short.",
        "You refused the return although the plant came dead.",
        "refund took ages and I had to ask four times",
        "I paid for the return label myself, then waited weeks for the refund.",
        "No refund yet. Very disappointed with the returns process.",
    ),
    "phone": (
        "Forty minutes on hold before anybody picked up.",
        "Nobody answers the phone, I rang five times.",
        "I was cut off twice and had to call back and queue again.",
        "On hold for ages listening to the same tune.",
        "couldnt get through on the phone all morning",
        "Kept on hold for half an hour and then the line went dead.",
        "Your phone line is impossible to get through to.",
    ),
    "website": (
        "The website froze when I tried to pay.",
        "Page kept crashing on my phone at the basket.",
        "The site is so slow, it logged me out halfway through.",
        "The app crashed and emptied my basket.",
    ),
    "damaged": (
        "The box was crushed and the pot broken.",
        "It arrived damaged, soil everywhere in the parcel.",
        "Badly packed, half the leaves were snapped off.",
    ),
}

JOYS: Mapping[str, tuple[str, ...]] = {
    "checkout": (
        "So easy to order, took me two minutes.",
        "Checkout was quick and simple.",
        "Nice website, easy to find what I wanted.",
        "good price and easy to pay",
        "Lovely range of plants to choose from.",
    ),
    "parcel": (
        "Arrived a day early and beautifully packed.",
        "Quick delivery, thank you!",
        "Super fast and the driver was lovely.",
        "Came on time and well wrapped.",
        "Perfect, exactly when you said it would come.",
        "Packaging was great, not a leaf out of place.",
    ),
    "first_weeks": (
        "The plant is thriving, wonderful quality.",
        "Healthy plant, looks even better than in the picture.",
        "Great quality and fair price.",
        "Best plant I have ever bought, really strong and green.",
        "Love it, it has new leaves already.",
    ),
    "support_call": (
        "The lady I spoke to was so kind and sorted it at once.",
        "Really helpful advice, he knew his plants.",
        "Friendly, patient and solved my problem.",
        "They answered straight away and helped me.",
    ),
    "return": (
        "Refund came the next day, no questions asked.",
        "Very easy return, thank you.",
        "Money back within two days, great service.",
    ),
}

MEH = (
    "It was ok.",
    "Fine, nothing special.",
    "Average really",
    "no complaints",
    "Did the job.",
)

MISREADS = ("what?", "who is this", "ask my husband", "depends")
