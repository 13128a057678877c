"""Words for the city's logo."""

MESSAGES = {
    "logo.is_svg": "An SVG can carry programs, so we do not take it. Save the logo as PNG.",
    "logo.no_image": "This is not a PNG, JPEG or WebP picture. Save the logo as PNG.",
    "logo.too_large": "This picture is larger than 1 MB. Save it smaller.",
}
