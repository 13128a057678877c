"""Words about what keeps a demo from being made."""

MESSAGES = {
    "demo.no_folder": "{path} is a file. Name a folder for the demo.",
    "demo.not_ours": "{path} was not made by the demo, so we leave it alone. Name another folder.",
    "demo.other": "{path} holds another register, or another demo. Add --fresh to make the demo anew, or name another folder.",
}
