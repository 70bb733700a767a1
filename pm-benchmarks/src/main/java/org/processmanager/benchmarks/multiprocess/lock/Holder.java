package org.processmanager.benchmarks.multiprocess.lock;

import java.util.Arrays;
import org.processmanager.benchmarks.multiprocess.Params;

/** Acquires the lock on command, reports it, and holds until it is killed or its input ends. */
final class Holder {
    static final String HOLDING = "@holding";

    private Holder() {}

    public static void main(String[] args) throws Exception {
        Params settings = Params.ofWords(Arrays.asList(args).subList(2, args.length));
        Lock lock = settings.adapter(Locks.class).open(0, 1);
        if (System.in.read() >= 0) {
            lock.acquire();
            System.out.print(HOLDING + "\n");
            System.out.flush();
            while (System.in.read() >= 0) {
                // reads the rest of the command, then blocks
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
