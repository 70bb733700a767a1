package org.processmanager.examples.ipc;

import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;

/** Runs a class of this program in a JVM of its own, with a channel to it and one back; neither has a name. */
public final class ChildJvmExample {
    private ChildJvmExample() {}

    /** Sends work to the child and prints the results; with an argument, is the child. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1) {
            work();
            return;
        }
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair work = Ipc.pair("mapped:");
                ChannelPair results = Ipc.pair("mapped:");
                MessageReceiver receiver = results.receiver()) {
            ManagedProcess child = ChildJava.command(manager, ChildJvmExample.class, "child")
                    .pass("work", work.receiverForChild())
                    .pass("results", results.senderForChild())
                    .start();
            try (MessageSender sender = work.sender()) {
                for (String word : new String[] {"level", "rotor", "lever"}) {
                    sender.send(word, Codec.utf8());
                }
            } // the child finds the end of its work
            ChildJava.awaitSuccess(child);
            receiver.forEach(Codec.utf8(), System.out::println); // the channel has kept them
        }
    }

    private static void work() throws InterruptedException {
        try (MessageReceiver work = Ipc.receiver(Ipc.inherited("work"));
                MessageSender results = Ipc.sender(Ipc.inherited("results"))) {
            while (true) {
                String word = work.receive(Codec.utf8());
                if (word == null) {
                    return;
                }
                boolean same = new StringBuilder(word).reverse().toString().equals(word);
                results.send(word + (same ? " is a palindrome" : " is none"), Codec.utf8());
            }
        }
    }
}
