// The microphone as a WAV file, with the loudness as it is: it belongs to an emotion.

const ASKED = { autoGainControl: false, noiseSuppression: false, echoCancellation: false };
const HEADER = 44;
const LARGEST = 0x7fff;

export async function record(heard) {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers record on https and localhost alone. Choose files instead.");
  }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: ASKED }).catch((error) => {
    throw new Error(`The microphone cannot be used (${error.message}). Allow it, or choose files.`);
  });
  const context = new AudioContext();
  await context.audioWorklet.addModule("tap.js");
  const tap = new AudioWorkletNode(context, "tap");
  const blocks = [];
  let samples = 0;
  tap.port.onmessage = ({ data }) => {
    blocks.push(data);
    samples += data.length;
    heard(samples / context.sampleRate, Math.max(...data.map(Math.abs)));
  };
  context.createMediaStreamSource(stream).connect(tap).connect(context.destination);
  return {
    stop(name) {
      stream.getTracks().forEach((track) => track.stop());
      context.close();
      return samples ? new File([wav(blocks, samples, context.sampleRate)], name) : null;
    },
  };
}

function wav(blocks, samples, rate) {
  const view = new DataView(new ArrayBuffer(HEADER + 2 * samples));
  const text = (at, word) => [...word].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER - 8 + 2 * samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // integers
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples, true);
  let at = HEADER;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(Math.max(-1, Math.min(1, sample)) * LARGEST), true);
      at += 2;
    }
  }
  return view.buffer;
}
