package org.processmanager.core.internal.reactor;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * Lets {@link Thread#interrupt} wake a thread that sleeps in a system call of ours. {@link AbstractSelector} is the one
 * place where the JDK offers this: between {@code begin} and {@code end} an interrupt of the thread calls
 * {@link #wakeup}. It selects nothing.
 */
public final class Interruption extends AbstractSelector {
    private final Runnable onInterrupt;

    /** Runs the action, on the interrupting thread, when the thread inside is interrupted. */
    public Interruption(Runnable onInterrupt) {
        super(SelectorProvider.provider());
        this.onInterrupt = onInterrupt;
    }

    /** From here on interrupts of the calling thread run the action; one that already stands does at once. */
    public void enter() {
        begin();
    }

    /** Ends what {@link #enter} began. */
    public void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        onInterrupt.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException("selects nothing");
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException("selects nothing");
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException("selects nothing");
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException("selects nothing");
    }
}
