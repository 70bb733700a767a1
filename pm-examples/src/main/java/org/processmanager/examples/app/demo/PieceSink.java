package org.processmanager.examples.app.demo;

import java.nio.ByteBuffer;
import java.util.List;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.NotConnectedException;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.SharedBoundedBuffer;

/** Where producers put pieces. */
interface PieceSink {
    /** Puts a piece if there is room. */
    boolean offer(ByteBuffer cell);

    /** Puts a piece; blocks while there is no room. */
    void put(ByteBuffer cell) throws InterruptedException;

    /** Returns the sink that fills a buffer. */
    static PieceSink of(SharedBoundedBuffer buffer) {
        return new PieceSink() {
            @Override
            public boolean offer(ByteBuffer cell) {
                return buffer.offer(cell);
            }

            @Override
            public void put(ByteBuffer cell) throws InterruptedException {
                buffer.put(cell);
            }
        };
    }

    /** Returns the sink that sends each piece to the consumer of its number, so that one that is put again meets the same. */
    static PieceSink of(List<MessageSender> consumers) {
        return new PieceSink() {
            private MessageSender consumer(ByteBuffer cell) {
                return consumers.get((int) (Cell.number(cell.getLong(0)) % consumers.size()));
            }

            @Override
            public boolean offer(ByteBuffer cell) {
                return consumer(cell).offer(cell) == SendStatus.SENT;
            }

            @Override
            public void put(ByteBuffer cell) throws InterruptedException {
                while (true) {
                    try {
                        consumer(cell).send(cell);
                        return;
                    } catch (NotConnectedException e) {
                        // the consumer was killed: wait for the next one
                    }
                }
            }
        };
    }
}
