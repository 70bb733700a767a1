package org.processmanager.benchmarks.peers;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * A named pipe with the kernel's 64 KiB, blocking, by FileChannel. A write of a message or a batch does not exceed
 * PIPE_BUF, so writes of several senders do not interleave; the kernel gives each reader whole messages, since all
 * have the same size.
 */
public final class PipeTransport implements Transport {
    private static final int PIPE_BUF = 4096;
    private static final int PIPE_BYTES = 65_536;

    private final Path fifo;
    private final int bytes;
    private final int batch;
    private final int receivers;

    public PipeTransport(Params settings) {
        fifo = settings.scratch().resolve(settings.text("channel") + ".fifo");
        bytes = settings.number("bytes");
        batch = settings.number("batch", 1);
        receivers = settings.number("receivers");
        VerificationException.expect("bytes above PIPE_BUF", 0, Math.max(0, bytes * batch - PIPE_BUF));
    }

    @Override
    public void create() throws Exception {
        int exit = new ProcessBuilder("mkfifo", fifo.toString())
                .inheritIO()
                .start()
                .waitFor();
        VerificationException.expect("exit code of mkfifo", 0, exit);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public List<String> variants() {
        return List.of("blocking");
    }

    @Override
    public Idle idle(String variant) {
        return Idle.none();
    }

    @Override
    public Sender sender(int index) throws Exception {
        return new StreamSender(FileChannel.open(fifo, StandardOpenOption.WRITE), bytes, batch);
    }

    @Override
    public Receiver receiver(int index) throws Exception {
        int messages = receivers == 1
                ? PIPE_BYTES / bytes
                : 1; // with several receivers, none may buffer a message that another one waits for
        return new StreamReceiver(FileChannel.open(fifo, StandardOpenOption.READ), bytes, messages);
    }
}
