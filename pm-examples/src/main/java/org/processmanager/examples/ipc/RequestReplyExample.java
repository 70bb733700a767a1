package org.processmanager.examples.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.Replier;
import org.processmanager.ipc.RequestFailedException;
import org.processmanager.ipc.Requester;

/** A process answers the questions of another one through Unix sockets: a reply, a failure, and none in time. */
public final class RequestReplyExample {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private RequestReplyExample() {}

    /** Asks for prices, and starts the process that knows them; with a directory, is that process. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            serve(Path.of(args[0]));
            return;
        }
        Path directory = Files.createTempDirectory("pm-example-");
        try (ProcessManager manager = ProcessManager.create();
                Requester prices = new Requester(
                        Ipc.sender("unix:" + directory.resolve("requests")),
                        Ipc.receiver("unix:" + directory.resolve("replies")))) {
            ManagedProcess server = ChildJava.command(manager, RequestReplyExample.class, directory.toString())
                    .start();
            for (String question : new String[] {"2 tea", "3 coffee", "1 gold", "a tea"}) {
                ask(prices, question, PATIENCE);
            }
            ask(prices, "4 slow", Duration.ofMillis(50));
            ask(prices, "5 tea", PATIENCE);
            prices.close();
            System.out.println("the server left with " + server.await().status());
        } finally {
            Files.deleteIfExists(directory);
        }
    }

    private static void ask(Requester prices, String question, Duration patience) throws InterruptedException {
        try {
            byte[] reply = prices.request(question.getBytes(UTF_8), patience);
            System.out.println(question + ": " + (reply == null ? "no reply in time" : new String(reply, UTF_8)));
        } catch (RequestFailedException e) {
            System.out.println(question + ": failed");
        }
    }

    /** Answers until the requester has closed its ends. */
    private static void serve(Path directory) throws InterruptedException {
        try (Replier prices = new Replier(
                Ipc.receiver("unix:" + directory.resolve("requests")),
                Ipc.sender("unix:" + directory.resolve("replies")))) {
            prices.serve(request -> price(new String(request, UTF_8)).getBytes(UTF_8));
        }
    }

    /** An exception of the handler is the requester's, too. */
    private static String price(String order) throws InterruptedException {
        String[] words = order.split(" ");
        BigDecimal price =
                switch (words[1]) {
                    case "tea" -> new BigDecimal("1.20");
                    case "coffee" -> new BigDecimal("2.35");
                    case "slow" -> {
                        Thread.sleep(500);
                        yield BigDecimal.ONE;
                    }
                    default -> throw new IllegalArgumentException("we have no " + words[1]);
                };
        return price.multiply(new BigDecimal(words[0])).toPlainString();
    }
}
