package org.processmanager.sync.internal.graph;

import java.util.List;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.internal.region.WaitSource.ThreadKey;

/**
 * A thread that can continue only after all of certain other threads have.
 *
 * @param waiting what it waits for
 * @param blockers the threads of which each owns that, or a part that is needed
 */
record BlockedThread(WaitGraph.Wait waiting, List<ThreadKey> blockers) {}
