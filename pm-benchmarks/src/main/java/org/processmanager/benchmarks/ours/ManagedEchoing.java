package org.processmanager.benchmarks.ours;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.Adler32;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.EchoWork;
import org.processmanager.benchmarks.multiprocess.process.Echoing;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;

/** Pumps input and output with the few threads of the manager; the checksum is updated with each chunk. */
public final class ManagedEchoing implements Echoing {
    private final ProcessManager manager = ProcessManager.create();
    private final Input input;

    public ManagedEchoing(Params settings) {
        EchoWork work = EchoWork.of(settings);
        byte[] all = new byte[work.bytes()];
        for (int i = 0; i < work.writes(); i++) {
            System.arraycopy(EchoWork.CHUNK, 0, all, i * EchoWork.CHUNK.length, EchoWork.CHUNK.length);
        }
        input = Input.of(all);
    }

    @Override
    public List<Echo> echo(int processes) throws InterruptedException {
        List<ManagedProcess> started = new ArrayList<>();
        List<Adler32> checksums = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Adler32 checksum = new Adler32();
            checksums.add(checksum);
            started.add(manager.command(EchoWork.COMMAND)
                    .stdin(input)
                    .stdout(Output.bytes(checksum::update))
                    .start());
        }
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            int exitCode = ExitCodes.of(started.get(i).await());
            echoes.add(new Echo(exitCode, checksums.get(i).getValue()));
        }
        return echoes;
    }

    @Override
    public void close() {
        manager.close();
    }
}
