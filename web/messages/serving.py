"""Words about serving."""

MESSAGES = {
    "serving.no_such_host": "This machine has no address {host}.",
    "serving.not_permitted": "This user may not listen on port {port}. Choose one above 1023 with “--port”.",
    "serving.proxies": "TEMPUSE_PROXY is “{value}”, and should be the number of proxies in front, like 1.",
    "serving.port_taken": "The port {port} is in use on {host}. Choose another with “--port”, or stop the other program.",
}
