package org.processmanager.examples.app.menu;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.Replier;
import org.processmanager.sync.OpenMode;

/** A managed child that outlives the command which starts it: a {@link DetachedChild} sends it requests, until a signal ends it. */
public final class DetachedChildMain {
    private DetachedChildMain() {}

    /**
     * Answers requests until the end.
     *
     * @param args the directory of its channels, the file of the event log
     */
    public static void main(String[] args) throws InterruptedException {
        String requests = DetachedChild.requests(Path.of(args[0]));
        String replies = DetachedChild.replies(Path.of(args[0]));
        Ipc.delete(requests); // of an earlier run, which cannot delete them if it is killed
        Ipc.delete(replies);
        ManagedThreads threads = ManagedThreads.create();
        threads.addListener(EventLog.at(Path.of(args[1])));
        ChildThreads commands = new ChildThreads(threads);
        try (Replier replier = new Replier(
                Ipc.receiver(requests + DetachedChild.END_NEVER, OpenMode.CREATE_NEW),
                Ipc.sender(replies, OpenMode.CREATE_NEW))) {
            System.out.println(DetachedChild.READY);
            replier.serve(request -> commands.answer(ChildMessage.decode(new String(request, StandardCharsets.UTF_8)))
                    .encode()
                    .getBytes(StandardCharsets.UTF_8));
        }
    }
}
