package org.processmanager.benchmarks.peers.ztexec;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.zip.Adler32;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.EchoWork;
import org.processmanager.benchmarks.multiprocess.process.Echoing;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessResult;

/** ZT Process Executor with an input stream and an output stream, and a thread for each. */
public final class ZtEchoing implements Echoing {
    private final EchoWork work;

    public ZtEchoing(Params settings) {
        work = EchoWork.of(settings);
    }

    @Override
    public List<Echo> echo(int processes) throws Exception {
        List<Checksum> checksums = new ArrayList<>();
        List<Future<ProcessResult>> results = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Checksum checksum = new Checksum();
            checksums.add(checksum);
            results.add(new ProcessExecutor(EchoWork.COMMAND)
                    .redirectInput(new Chunks(work.bytes()))
                    .redirectOutput(checksum)
                    .start()
                    .getFuture());
        }
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            echoes.add(new Echo(
                    results.get(i).get().getExitValue(), checksums.get(i).value()));
        }
        return echoes;
    }

    /** The bytes to write. */
    private static final class Chunks extends InputStream {
        private final int total;
        private int position;

        Chunks(int total) {
            this.total = total;
        }

        @Override
        public int read() {
            return position == total ? -1 : EchoWork.CHUNK[position++ % EchoWork.CHUNK.length];
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (position == total) {
                return -1;
            }
            int from = position % EchoWork.CHUNK.length;
            int count = Math.min(length, EchoWork.CHUNK.length - from);
            System.arraycopy(EchoWork.CHUNK, from, buffer, offset, count);
            position += count;
            return count;
        }
    }

    private static final class Checksum extends OutputStream {
        private final Adler32 sum = new Adler32();

        @Override
        public void write(int value) {
            sum.update(value);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            sum.update(buffer, offset, length);
        }

        long value() {
            return sum.getValue();
        }
    }
}
