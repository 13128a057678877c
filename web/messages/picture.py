"""Words about pictures that people send."""

MESSAGES = {
    "picture.damaged": "{name} is damaged and cannot be shown. Take or save it again.",
    "picture.heic": "{name} is a HEIC picture, which few programs can show. Save it as JPEG and send that.",
    "picture.invalid": "The words about the picture do not fit.",
    "picture.no_words": "Say what it shows, for those who do not see it.",
    "picture.none": "{name} is not a picture that we can show. Send a JPEG, PNG or WebP.",
    "picture.too_large": "{name} is larger than {most} MB. Save it smaller and send it again.",
    "picture.not_found": "{ref} has no such picture.",
    "picture.space_full": "{ref} has {most} pictures. Remove one before you add another.",
    "picture.too_often": "Many photos came from here in a short time. Send your words without them, or wait an hour.",
    "picture.too_many": "These are more than {most} pictures. Send the others afterwards.",
    "picture.too_many_pixels": "{name} has more than {most} million pixels. Save it smaller and send it again.",
}
