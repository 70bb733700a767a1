package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.sync.OpenMode;

/** Ends of many channels in another process, each under its endpoint. */
public final class ManyEndsPeer implements ChildProgram {
    private final Map<String, MessageSender> senders = new ConcurrentHashMap<>();
    private final Map<String, MessageReceiver> receivers = new ConcurrentHashMap<>();
    /** Kept open until the process dies. */
    private final Map<String, AutoCloseable> open = new ConcurrentHashMap<>();

    private ChildCommands commands;

    @Override
    public void register(ChildCommands all) {
        commands = all;
        all.on("sender", args -> {
            senders.put(args.get(0), Ipc.sender(args.get(0)));
            return "";
        });
        all.on("receiver", args -> {
            Delivery delivery = args.size() > 1 ? Delivery.valueOf(args.get(1)) : Delivery.AT_MOST_ONCE;
            receivers.put(args.get(0), Ipc.receiver(args.get(0), OpenMode.OPEN_OR_CREATE, delivery));
            return "";
        });
        all.on("send", args -> send(senders.get(args.get(0)), args.subList(1, args.size())));
        all.on("claim", args -> claim(args.get(0), Integer.parseInt(args.get(1))));
        all.on("batch", args -> batch(args.get(0), Integer.parseInt(args.get(1)), Integer.parseInt(args.get(2))));
        all.on("numbers", args -> numbers(senders.get(args.get(0)), Integer.parseInt(args.get(1))));
        all.on("count", args -> count(receivers.get(args.get(0))));
        all.on("hang", args -> hang(args.get(0)));
        all.on("receive", args -> new String(receivers.get(args.get(0)).receive(), UTF_8));
    }

    private static String send(MessageSender sender, List<String> texts) throws InterruptedException {
        for (String text : texts) {
            sender.send(text.getBytes(UTF_8));
        }
        return "";
    }

    /** Writes to a claim and leaves it open. */
    private String claim(String endpoint, int length) throws InterruptedException {
        Claim claim = senders.get(endpoint).claim(length);
        claim.buffer().put(new byte[length]);
        open.put(endpoint, claim);
        return "";
    }

    /** Adds messages to a batch and leaves it open. */
    private String batch(String endpoint, int count, int length) throws InterruptedException {
        Batch batch = senders.get(endpoint).batch();
        for (int i = 0; i < count; i++) {
            batch.send(new byte[length]);
        }
        open.put(endpoint, batch);
        return "";
    }

    /** Sends messages of different lengths, each filled with its number. */
    private static String numbers(MessageSender sender, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            byte[] message = new byte[Integer.BYTES + i * 7 % 150];
            Arrays.fill(message, (byte) i);
            sender.send(ByteBuffer.wrap(message).putInt(0, i));
        }
        return "";
    }

    /** Receives until the channel is closed; returns the number of messages. */
    private static String count(MessageReceiver receiver) throws InterruptedException {
        int[] count = {0};
        receiver.forEach((buffer, offset, length) -> count[0]++);
        return "" + count[0];
    }

    /** Reports the first message in its handler, which never returns. */
    private String hang(String endpoint) throws InterruptedException {
        receivers.get(endpoint).forEach((buffer, offset, length) -> {
            commands.emit("has " + Codec.utf8().decode(buffer, offset, length));
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return "";
    }
}
