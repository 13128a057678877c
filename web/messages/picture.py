"""Words about pictures that people send."""

MESSAGES = {
    "picture.damaged": "{name} is damaged and cannot be shown. Take or save it again.",
    "picture.heic": "{name} is a HEIC picture, which few programs can show. Save it as JPEG and send that.",
    "picture.none": "{name} is not a picture that we can show. Send a JPEG, PNG or WebP.",
    "picture.too_large": "{name} is larger than {most} MB. Save it smaller and send it again.",
    "picture.too_many": "These are more than {most} pictures. Send the others afterwards.",
    "picture.too_many_pixels": "{name} has more than {most} million pixels. Save it smaller and send it again.",
}
