package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.sync.OpenMode;

/** One end of a channel in another process. */
public final class ChannelPeer implements ChildProgram {
    private static final int CRC_BYTES = 4;

    private ChildCommands commands;
    private MessageSender sender;
    private MessageReceiver receiver;
    private Claim claim;

    @Override
    public void register(ChildCommands all) {
        commands = all;
        all.on("sender", args -> open(() -> sender = Ipc.sender(args.get(0), OpenMode.OPEN_OR_CREATE)));
        all.on(
                "receiver",
                args -> open(() ->
                        receiver = Ipc.receiver(args.get(0), OpenMode.OPEN_OR_CREATE, Delivery.valueOf(args.get(1)))));
        all.on("send", args -> sendAll(args));
        all.on("sendBytes", args -> sendAll(List.of("x".repeat(Integer.parseInt(args.get(0))))));
        all.on("offer", args -> sender.offer(bytes(args.get(0))).toString());
        all.on("sendAll", this::sendAll);
        all.on("fill", args -> fill(Integer.parseInt(args.get(0))));
        all.on("batch", this::batch);
        all.on("claim", this::claim);
        all.on("commit", args -> {
            claim.commit();
            return "";
        });
        all.on("stream", args -> stream(Integer.parseInt(args.get(0))));
        all.on("verify", args -> verify(receiver, Integer.parseInt(args.get(0))));
        all.on("receive", args -> textOf(receiver.receive()));
        all.on("consume", this::consume);
        all.on("echo", args -> echo());
        all.on("snapshot", args -> (sender != null ? sender.snapshot() : receiver.snapshot()).toString());
        all.on("close", args -> close());
    }

    private interface Opening {
        void run();
    }

    private static String open(Opening opening) {
        opening.run();
        return "";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String textOf(byte[] message) {
        return message == null ? "CLOSED" : new String(message, UTF_8);
    }

    private String sendAll(List<String> texts) throws InterruptedException {
        for (String text : texts) {
            sender.send(bytes(text));
        }
        return "SENT";
    }

    /** Offers messages of a length until there is no room. */
    private String fill(int length) {
        int sent = 0;
        while (sender.offer(new byte[length]) == SendStatus.SENT) {
            sent++;
        }
        return "" + sent;
    }

    private String batch(List<String> texts) {
        try (Batch batch = sender.batch()) {
            for (String text : texts) {
                batch.offer(bytes(text));
            }
        }
        return "";
    }

    /** Writes the first half of a message in place and reports it. */
    private String claim(List<String> args) throws InterruptedException {
        byte[] message = bytes(args.get(0));
        claim = sender.claim(message.length);
        claim.buffer().put(message, 0, message.length / 2);
        commands.emit("half written");
        claim.buffer()
                .position(message.length / 2)
                .put(message, message.length / 2, message.length - message.length / 2);
        return "";
    }

    private String stream(int count) throws InterruptedException {
        stream(sender, count);
        return "SENT";
    }

    /** Sends messages of random lengths, each with its number and a checksum. */
    static void stream(MessageSender sender, int count) throws InterruptedException {
        Random random = new Random(count);
        CRC32C crc = new CRC32C();
        for (int i = 0; i < count; i++) {
            byte[] message = new byte[8 + CRC_BYTES + random.nextInt(random.nextInt(50) == 0 ? 5_000 : 100)];
            random.nextBytes(message);
            ByteBuffer view = ByteBuffer.wrap(message).putLong(0, i);
            crc.reset();
            crc.update(message, 0, message.length - CRC_BYTES);
            view.putInt(message.length - CRC_BYTES, (int) crc.getValue());
            sender.send(message);
        }
    }

    /** Receives what {@link #stream} sends. */
    static String verify(MessageReceiver receiver, int count) throws InterruptedException {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < count; i++) {
            byte[] message = receiver.receive();
            if (message == null) {
                throw new IllegalStateException("ended before message " + i);
            }
            ByteBuffer view = ByteBuffer.wrap(message);
            crc.reset();
            crc.update(message, 0, message.length - CRC_BYTES);
            if (view.getLong(0) != i || view.getInt(message.length - CRC_BYTES) != (int) crc.getValue()) {
                throw new IllegalStateException("message " + i + " is wrong");
            }
        }
        return "verified";
    }

    /** Reports each message before it counts as handled, and waits forever at the given one. */
    private String consume(List<String> args) throws InterruptedException {
        receiver.forEach((buffer, offset, length) -> {
            String text = Codec.utf8().decode(buffer, offset, length);
            commands.emit("got " + text);
            if (!args.isEmpty() && args.get(0).equals(text)) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        return "CLOSED";
    }

    private String echo() throws InterruptedException {
        receiver.forEach(message -> {
            try {
                sender.send(message);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return "CLOSED";
    }

    private String close() {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        return "";
    }
}
