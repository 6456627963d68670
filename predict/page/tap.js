// Passes what the microphone hears to the page, in one channel and blocks of some 40 ms at 48 kHz.

const SIZE = 2048;

class Tap extends AudioWorkletProcessor {
  block = new Float32Array(SIZE);
  filled = 0;

  process([channels]) {
    const count = channels.length;
    for (let i = 0; count && i < channels[0].length; i += 1) {
      this.block[this.filled] = channels.reduce((sum, channel) => sum + channel[i], 0) / count;
      this.filled += 1;
      if (this.filled === SIZE) {
        this.port.postMessage(this.block.slice());
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("tap", Tap);
