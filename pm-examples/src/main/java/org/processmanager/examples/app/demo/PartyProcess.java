package org.processmanager.examples.app.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.Inheritable;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.examples.ChildJava;
import org.processmanager.examples.app.demo.DemoReport.Role;

/** The parent's side of one party. Its messages and its exit arrive in a queue; only the queue's reader changes the state. */
final class PartyProcess {
    /** A message of a party (a line), or its exit (a result). */
    record Event(
            PartyProcess party,
            @Nullable String line,
            @Nullable ProcessResult result) {}

    enum Stage {
        STARTED,
        READY,
        DONE,
        EXITED
    }

    private static final int ERROR_BYTES = 4096;

    private final Role role;
    private final int number;
    private final ManagedProcess process;
    private final Writer stdin;
    private Stage stage = Stage.STARTED;
    private @Nullable ProcessResult result;

    private PartyProcess(Role role, int number, ManagedProcess process) {
        this.role = role;
        this.number = number;
        this.process = process;
        this.stdin = new BufferedWriter(new OutputStreamWriter(process.stdin(), StandardCharsets.UTF_8));
    }

    static PartyProcess start(
            ProcessManager manager,
            Role role,
            int number,
            Path region,
            Path ledger,
            DemoOptions options,
            PieceChannels channels,
            BlockingQueue<Event> events) {
        // a message may arrive before start() has returned, so the party is found by its number
        CompletableFuture<PartyProcess> self = new CompletableFuture<>();
        Command command = ChildJava.command(
                        manager,
                        PartyMain.class,
                        role.name(),
                        Integer.toString(number),
                        region.toString(),
                        ledger.toString(),
                        options.rates().every(role).toString(),
                        options.transport().name(),
                        Integer.toString(options.producers()),
                        Integer.toString(options.consumers()))
                .name(role.name() + " " + number)
                .stdin(Input.pipe())
                .stdout(Output.lines(line -> self.thenAccept(party -> events.add(new Event(party, line, null)))))
                .stderr(Output.tail(ERROR_BYTES))
                .acceptAnyExit();
        for (Map.Entry<String, Inheritable> end :
                channels.forParty(role, number).entrySet()) {
            command = command.pass(end.getKey(), end.getValue());
        }
        ManagedProcess process = command.start();
        PartyProcess party = new PartyProcess(role, number, process);
        self.complete(party);
        process.onExit().thenAccept(result -> events.add(new Event(party, null, result)));
        return party;
    }

    Role role() {
        return role;
    }

    Stage stage() {
        return stage;
    }

    void sendWork(List<WorkUnit> units) throws IOException {
        for (WorkUnit unit : units) {
            stdin.write(PartyMain.UNIT + unit.toLine() + "\n");
        }
    }

    /** Makes a producer stop after so many lines, until {@link #sendResume}. */
    void sendBarrier(long items) throws IOException {
        stdin.write(PartyMain.BARRIER + items + "\n");
    }

    /** Makes a producer continue after so many pieces that a dead one has put. */
    void sendContinueAfter(long pieces) throws IOException {
        stdin.write(PartyMain.AFTER + pieces + "\n");
    }

    /** Tells a consumer that it takes the place of a dead one. */
    void sendAgain() throws IOException {
        stdin.write(PartyMain.AGAIN + "\n");
    }

    void sendResume() throws IOException {
        stdin.write(PartyMain.RESUME + "\n");
        stdin.flush();
    }

    void sendGo() throws IOException {
        stdin.write(PartyMain.GO + "\n");
        stdin.flush();
    }

    /** Updates the state from an event. */
    void onEvent(Event event) {
        if (event.result() != null) {
            result = event.result();
            stage = Stage.EXITED;
        } else if (PartyMain.READY.equals(event.line())) {
            stage = Stage.READY;
        } else if (PartyMain.DONE.equals(event.line())) {
            stage = Stage.DONE;
        }
    }

    void kill() {
        process.kill();
    }

    /** Returns the exit code, 128 + n if signal n ended it, -1 if it is unknown. */
    int exit() {
        ExitStatus status = result == null ? null : result.status();
        if (status instanceof ExitStatus.Exited exited) {
            return exited.code();
        }
        return status instanceof ExitStatus.Signaled signaled
                ? 128 + signaled.signal().number()
                : -1;
    }

    /** Reports its work. To be called once for each party of a number, in their order, because they share a line. */
    DemoReport.Party report(Ledger ledger, DemoReport.@Nullable Party before) {
        Ledger.Line line = ledger.line(number);
        long items = line.items() - (before == null ? 0 : before.items());
        long waited = line.waitedNanos() - (before == null ? 0 : before.waitedNanos());
        return new DemoReport.Party(role, process.pid(), items, waited, exit());
    }

    int number() {
        return number;
    }

    long pid() {
        return process.pid();
    }

    String describe() {
        return role.name() + " " + number + " (pid " + process.pid() + ")";
    }

    /** Describes the party and how it ended, on one line. */
    String describeEnd() {
        String errors = result == null ? "" : result.stderrText().strip();
        String last = errors.substring(errors.lastIndexOf('\n') + 1);
        Object status = result == null ? "an unknown status" : result.status();
        return describe() + " ended too early, with " + status + (last.isEmpty() ? "" : ": " + last);
    }
}
