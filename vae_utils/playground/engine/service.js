/* Trains when told to: what runs in a worker, or in the page where none can start.

   Messages to it, { type, … }:
     configure  { settings, data, plan, codes, interval, run }: a new run, which waits.
                `plan` lists changes to come (trainer.js), `codes` is how many held-out
                examples snapshots encode, `interval` the milliseconds from one snapshot
                to the next, at least; `run` is a name that comes back with its
                snapshots, as one of the last run may be on its way
     play       { pace, until }: trains; `pace` is the most steps in a second, null for no
                limit; `until` is the step before which it pauses, null for none
     pause
     step       { count }: so many steps
     change     { changes }: of settings that a run can change
     reset      back to the first weights
     restore    back to weights before a failure
     seen       the last snapshot was drawn: another may come
     sleep, wake  nobody looks: nothing is trained meanwhile
   Messages from it:
     snapshot   what trainer.snapshot returns, run, isPlaying, and imagesPerSecond
     refused    { message, setting }: what it was told makes no sense

   A snapshot is sent only when the last one was seen and its interval has passed, and
   takes no more than a fifth of the time. */
(function () {
  "use strict";

  const { makeTrainer } = self.VAEBook.playground;
  const REST = 4; // times what a snapshot took, before the next one
  const EARLY = ["configure", "seen", "sleep", "wake"]; // need no run
  const now = () => performance.now();

  /* Makes what receives messages. `slice` is the milliseconds of training at a time, and
     `later` calls a function once others had their turn. */
  function serve(send, { slice, later }) {
    let trainer = null;
    let wishes = { codes: 0, interval: 0, run: null };
    let isPlaying = false;
    let isAsleep = false;
    let pace = null;
    let until = null;
    let isPlanned = false; // whether the next slice is
    let isSeen = true;
    let isDue = false; // whether a snapshot must come, however soon after the last
    let next = 0; // when the next snapshot may come
    let busy = { steps: 0, time: 0 }; // since the last one

    const actions = {
      configure({ settings, data, plan, codes = 0, interval = 100, run = null }) {
        [isPlaying, isDue] = [false, true];
        trainer = null; // also if the new settings are refused
        trainer = makeTrainer(settings, data, plan);
        wishes = { codes, interval, run };
      },
      play(message) {
        isPlaying = !trainer.failure;
        [pace, until] = [message.pace ?? null, message.until ?? null];
      },
      pause() {
        isPlaying = false;
        isDue = true;
      },
      step({ count = 1 }) {
        for (let i = 0; i < count; i++) trainer.train();
        isDue = true;
      },
      change({ changes }) {
        trainer.change(changes);
      },
      reset() {
        trainer.reset();
        isDue = true;
      },
      restore() {
        trainer.restore();
        isDue = true;
      },
      seen() {
        isSeen = true;
      },
      sleep() {
        isAsleep = true;
      },
      wake() {
        isAsleep = false;
      },
    };

    function receive(message) {
      try {
        const action = actions[message.type];
        if (!action) throw new RangeError(`There is no action ${message.type}.`);
        if (trainer || EARLY.includes(message.type)) action(message);
      } catch (error) {
        send({ type: "refused", message: error.message, setting: error.setting }, []);
      }
      report();
      plan();
    }

    function plan() {
      if (!isPlaying || isAsleep || isPlanned) return;
      isPlanned = true;
      later(run, pace === null ? 0 : 1000 / pace);
    }

    /* Trains for a slice of time, or one step where there is a pace. */
    function run() {
      isPlanned = false;
      if (!isPlaying || isAsleep) return;
      const begin = now();
      const first = trainer.step;
      const isOver = () => trainer.failure || (until !== null && trainer.step >= until);
      while (!isOver()) {
        trainer.train();
        if (pace !== null || now() >= begin + slice) break;
      }
      busy.steps += trainer.step - first;
      if (isOver()) [isPlaying, isDue] = [false, true];
      report();
      busy.time += now() - begin;
      plan();
    }

    function report() {
      const begin = now();
      if (!trainer || !isSeen || !(isDue || (isPlaying && begin >= next))) return;
      const taken = trainer.snapshot(wishes);
      const images = busy.steps * trainer.settings.batchSize;
      const imagesPerSecond = busy.time > 0 ? (1000 * images) / busy.time : null;
      const { weights, codes } = taken;
      const arrays = [weights, codes?.means, codes?.logVars].filter(Boolean);
      const buffers = arrays.map((array) => array.buffer);
      const { run } = wishes;
      send({ type: "snapshot", ...taken, run, isPlaying, imagesPerSecond }, buffers);
      [isSeen, isDue] = [false, false];
      busy = { steps: 0, time: 0 };
      next = now() + Math.max(wishes.interval, REST * (now() - begin));
    }

    return receive;
  }

  /* Serves inside a worker, whose messages have their turn after each slice. */
  function serveWorker(scope) {
    const channel = new MessageChannel(); // faster than a timer, which waits 4 ms
    const waiting = [];
    channel.port1.onmessage = () => waiting.shift()();
    function later(call, delay) {
      if (delay > 0) return setTimeout(call, delay);
      waiting.push(call);
      channel.port2.postMessage(null);
    }
    const send = (message, buffers) => scope.postMessage(message, buffers);
    const receive = serve(send, { slice: 25, later });
    scope.onmessage = ({ data }) => receive(data);
    scope.postMessage({ type: "ready" });
  }

  Object.assign(self.VAEBook.playground, { serve, serveWorker });
})();
