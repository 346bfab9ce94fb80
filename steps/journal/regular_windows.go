package journal

const dontWait = 0
