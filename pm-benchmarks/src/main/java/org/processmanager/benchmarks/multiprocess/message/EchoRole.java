package org.processmanager.benchmarks.multiprocess.message;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.worker.Role;

/** Returns every message to the sender, until the end message. */
final class EchoRole implements Role, Sink {
    private final Transport there;
    private final Transport back;
    private Sender sender;
    private Receiver receiver;
    private long received;

    EchoRole(Transport there, Transport back) {
        this.there = there;
        this.back = back;
    }

    @Override
    public Params perform(Params command) throws Exception {
        if (command.text("do").equals("open")) {
            receiver = there.receiver(0);
            sender = back.sender(0);
        } else {
            echo(there.idle(command.text("variant")));
        }
        return Params.of();
    }

    private void echo(Idle idle) throws Exception {
        while (true) {
            if (receiver.poll(this, 1) == 0) {
                idle.idle();
                continue;
            }
            idle.reset();
            if (received == Message.END) {
                return;
            }
            while (!sender.offer(received)) {
                idle.idle();
            }
        }
    }

    @Override
    public void accept(long head, long tail) {
        received = head;
    }

    @Override
    public void close() throws Exception {
        if (receiver != null) {
            receiver.close();
        }
        if (sender != null) {
            sender.close();
        }
    }
}
