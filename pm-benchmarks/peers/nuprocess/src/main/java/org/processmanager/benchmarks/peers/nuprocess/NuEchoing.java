package org.processmanager.benchmarks.peers.nuprocess;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Adler32;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.EchoWork;
import org.processmanager.benchmarks.multiprocess.process.Echoing;

/** NuProcess as in its own benchmark: all programs are launched, then all are asked to write. */
public final class NuEchoing implements Echoing {
    private static final long FOR_EVER = 0;

    private final EchoWork work;

    public NuEchoing(Params settings) {
        work = EchoWork.of(settings);
    }

    @Override
    public List<Echo> echo(int processes) throws Exception {
        List<Handler> handlers = new ArrayList<>();
        List<NuProcess> started = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Handler handler = new Handler(work);
            handlers.add(handler);
            started.add(new NuProcessBuilder(handler, EchoWork.COMMAND).start());
        }
        started.forEach(NuProcess::wantWrite);
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            int exitCode = started.get(i).waitFor(FOR_EVER, TimeUnit.SECONDS);
            echoes.add(new Echo(exitCode, handlers.get(i).checksum.getValue()));
        }
        return echoes;
    }

    private static final class Handler extends NuAbstractProcessHandler {
        private final EchoWork work;
        private final Adler32 checksum = new Adler32();
        private NuProcess process;
        private int written;
        private int read;

        Handler(EchoWork work) {
            this.work = work;
        }

        @Override
        public void onStart(NuProcess started) {
            process = started;
        }

        @Override
        public boolean onStdinReady(ByteBuffer buffer) {
            buffer.put(EchoWork.CHUNK);
            buffer.flip();
            return ++written < work.writes();
        }

        @Override
        public void onStdout(ByteBuffer buffer, boolean closed) {
            read += buffer.remaining();
            checksum.update(buffer);
            if (read == work.bytes() || closed) {
                process.closeStdin(true);
            }
        }
    }
}
