package org.processmanager.core.internal.reactor;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Makes {@link Thread#interrupt} wake a thread that blocks in a system call of this library. {@link AbstractSelector} is
 * the one place where the JDK offers this: between {@code begin} and {@code end} an interrupt of the thread calls
 * {@link #wakeup}. It selects nothing.
 */
public final class Interruption extends AbstractSelector {
    private final Runnable onInterrupt;

    /** Creates an interruption that runs the action, on the interrupting thread, when the thread inside is interrupted. */
    public Interruption(Runnable onInterrupt) {
        super(null); // only register would need a provider
        this.onInterrupt = onInterrupt;
    }

    /** Starts to run the action on interrupts of the calling thread; at once if its interrupt status is set. */
    public void enter() {
        begin();
    }

    /** Ends what {@link #enter} started. */
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
