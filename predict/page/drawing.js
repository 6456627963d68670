// Draws on canvases: a waveform with the emotions over time, and an explanation.

// Okabe and Ito's colours, which differ for every kind of colour vision; grey for no answer.
const COLOURS = [
  "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#0072b2", "#f0e442",
];
const NO_ANSWER = "#8c8c8c";
const BAND = 22;

export function colourOf(emotion, classes) {
  const number = classes.indexOf(emotion);
  return number < 0 ? NO_ANSWER : COLOURS[number % COLOURS.length];
}

function prepared(canvas) {
  const scale = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = context.strokeStyle = getComputedStyle(canvas).color;
  context.font = "13px system-ui, sans-serif";
  return { context, width, height };
}

export function drawRecording(canvas, found, now) {
  const { context, width, height } = prepared(canvas);
  const ink = context.fillStyle;
  const x = (seconds) => (seconds / found.duration) * width;
  for (const { start, end, shown, colour } of found.segments) {
    const wide = Math.max(x(end) - x(start) - 1, 1);
    context.fillStyle = colour;
    context.globalAlpha = 0.25;
    context.fillRect(x(start), 0, wide, height);
    context.globalAlpha = 1;
    context.fillRect(x(start), height - BAND, wide, 5);
    context.fillStyle = ink;
    if (context.measureText(shown).width < wide) context.fillText(shown, x(start) + 1, height - 4);
  }
  drawPeaks(context, found.waveform, width, height - BAND);
  if (now > 0) context.fillRect(x(now), 0, 2, height);
}

function drawPeaks(context, peaks, width, height) {
  const loudest = Math.max(...peaks, 1e-9);
  const step = width / peaks.length;
  peaks.forEach((peak, number) => {
    const tall = Math.max((peak / loudest) * height, 1);
    context.fillRect(number * step, (height - tall) / 2, Math.max(step, 0.5), tall);
  });
}

// Falls of a probability over time: upwards and filled where the part speaks for the emotion,
// downwards and hatched by gaps where it speaks against it.
export function drawFalls(canvas, falls, duration, rate, colour) {
  const { context, width, height } = prepared(canvas);
  const most = Math.max(0.05, ...falls.map(Math.abs));
  const middle = height * (falls.some((fall) => fall < -0.01) ? 0.6 : 0.95);
  const ink = context.fillStyle;
  falls.forEach((fall, step) => {
    const left = (step / rate / duration) * width;
    const wide = width / rate / duration;
    const tall = (fall / most) * (fall > 0 ? middle : height - middle);
    context.fillStyle = fall > 0 ? colour : NO_ANSWER;
    context.fillRect(left, middle - tall, fall > 0 ? wide + 0.5 : wide / 2, tall);
  });
  context.fillStyle = ink;
  context.fillRect(0, middle, width, 1);
}
