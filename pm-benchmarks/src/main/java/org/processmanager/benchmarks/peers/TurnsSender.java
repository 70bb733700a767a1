package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Sender;

/** Sends to several receivers in turn. */
final class TurnsSender implements Sender {
    private final List<StreamSender> receivers;
    private int next;

    TurnsSender(List<StreamSender> receivers) {
        this.receivers = receivers;
    }

    @Override
    public boolean offer(long head) throws IOException {
        return turn().offer(head);
    }

    @Override
    public int offerBatch(long firstHead, int count) throws IOException {
        return turn().offerBatch(firstHead, count);
    }

    private StreamSender turn() {
        next = next + 1 == receivers.size() ? 0 : next + 1;
        return receivers.get(next);
    }

    @Override
    public boolean offerEnd() throws IOException {
        for (StreamSender receiver : receivers) {
            receiver.offer(Message.END);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (StreamSender receiver : receivers) {
            receiver.close();
        }
    }
}
