package org.processmanager.examples.app.menu;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.menu.Menu.Entry;
import org.processmanager.ipc.ChannelExistsException;

/**
 * The main menu with its inbox, its threads and the processes that it started. Closing it ends and deletes all of them; any
 * thread may close it, even while it waits for its user.
 */
public final class MainMenu implements AutoCloseable {
    private static final int MOST_NAMES = 100;

    private final Dialog dialog;
    private final EventLog log;
    private final ProcessManager manager = ProcessManager.create();
    private final ManagedThreads threads = ManagedThreads.create();
    private final Inbox inbox;
    private final ChildEntry children;
    private final ProcessEntry processes;
    private final DemoEntry demo;
    private boolean closed;

    /**
     * Opens the inbox.
     *
     * @param log the event log, which an entry clears and to which children log
     * @param journal receives all events
     * @param environment adds to the environment of programs
     * @param demo runs producers and consumers
     */
    public MainMenu(Dialog dialog, EventLog log, EventListener journal, UnaryOperator<Command> environment, Demo demo) {
        this.dialog = dialog;
        this.log = log;
        this.inbox = openInbox(journal);
        this.children = new ChildEntry(dialog, manager, inbox.channel(), log.file());
        this.processes = new ProcessEntry(dialog, manager, environment, children);
        this.demo = new DemoEntry(dialog, demo);
        manager.addListener(journal);
        threads.addListener(journal);
    }

    /** Runs the chosen entries until the user leaves. */
    public void run() throws InterruptedException {
        Channel.deleteAbandoned(inbox.channel().file().resolveSibling("."));
        dialog.say("inbox: " + inbox.endpoint());
        ThreadEntries ofThreads = new ThreadEntries(dialog, threads);
        InboxEntries messages = new InboxEntries(dialog, inbox);
        List<Entry> entries = List.of(
                new Entry("create a process", processes::create),
                new Entry("create a thread", ofThreads::create),
                new Entry("terminate a thread", ofThreads::terminate),
                new Entry("monitor all running processes", new MonitorEntry(dialog)::show),
                new Entry("send an IPC message", messages::send),
                new Entry("receive an IPC message", messages::receive),
                new Entry("clear the log file", this::clearLog),
                new Entry("process synchronization (producer-consumer)", demo::run));
        new Menu(dialog, "entry", entries, processes::reportEnded).run();
    }

    /** Returns the program that the menu waits for, or null; the future completes when it has started. */
    public @Nullable CompletableFuture<ManagedProcess> foreground() {
        return processes.foreground();
    }

    /** Returns whether it waited for a program until a moment ago, to which an interrupt may have been addressed. */
    public boolean hadForeground() {
        return processes.hadForeground();
    }

    /** A second caller waits for the first, because the JVM may exit when it returns. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        children.close();
        threads.close();
        manager.close();
        inbox.close();
    }

    private void clearLog() {
        log.clear();
        dialog.say("cleared " + log.file());
    }

    /** Pids are used again, so the inbox of a killed process may have the same name. */
    private static Inbox openInbox(EventListener journal) {
        for (int number = 0; ; number++) {
            try {
                return Inbox.open(Channel.ofThisProcess(number), journal);
            } catch (ChannelExistsException e) {
                if (number == MOST_NAMES) {
                    throw e;
                }
            }
        }
    }
}
