/* The page's own buttons open the chat. */
document.getElementById("ask").addEventListener("click", () => window.Helpline?.open());
