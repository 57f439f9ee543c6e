/**
 * `end-with-parent`: loaded before a program that another one started: asks it to stop when its
 * standard input closes, which it does when whoever started it is gone, however that happened.
 */
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM"));
process.stdin.on("error", () => process.kill(process.pid, "SIGTERM"));
process.stdin.resume();
process.stdin.unref?.();
