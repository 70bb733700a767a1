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
    private final EventLoop loop;

    /** Creates an interruption of the thread that drives a loop. */
    public Interruption(EventLoop loop) {
        super(null); // only register would need a provider
        this.loop = loop;
    }

    /** Starts to wake the loop when the calling thread is interrupted; at once if its interrupt status is set. */
    public void enter() {
        begin();
    }

    /** Ends what {@link #enter} started. */
    public void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        loop.wakeUp();
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
