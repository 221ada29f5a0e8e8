const BAR_WIDTH = 30;

/** A bar on a terminal; elsewhere a line for every tenth. */
export class Progress {
  #done = 0;
  #told = 0;

  constructor(title, total, output = process.stdout) {
    this.title = title;
    this.total = total;
    this.output = output;
  }

  advance() {
    this.#done++;
    if (this.output.isTTY) this.#draw();
    else this.#tell();
  }

  finish() {
    if (this.output.isTTY) this.output.write('\n');
  }

  #draw() {
    const filled = Math.round((BAR_WIDTH * this.#done) / this.total);
    this.output.write(`\r  ${this.title}  ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}  ${this.#done}/${this.total}`);
  }

  #tell() {
    const tenth = Math.floor((10 * this.#done) / this.total);
    if (tenth === this.#told) return;
    this.#told = tenth;
    this.output.write(`  ${this.title}: ${this.#done}/${this.total}\n`);
  }
}
