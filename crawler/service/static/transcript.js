// A time in the text plays the recording from there; without script it opens the recording at that time.
"use strict";
(() => {
  const recording = document.getElementById("recording");
  const cues = [...document.querySelectorAll("a.cue[data-start]")];
  if (!recording) return;
  for (const cue of cues) {
    cue.addEventListener("click", (event) => {
      event.preventDefault();
      recording.currentTime = Number(cue.dataset.start);
      recording.play();
    });
  }
  recording.addEventListener("timeupdate", () => {
    const past = cues.filter((cue) => Number(cue.dataset.start) <= recording.currentTime);
    for (const cue of cues) cue.classList.toggle("now", cue === past.at(-1));
  });
})();
