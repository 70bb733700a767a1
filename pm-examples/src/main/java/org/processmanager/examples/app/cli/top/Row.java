package org.processmanager.examples.app.cli.top;

import org.processmanager.core.monitor.ProcessSnapshot;

/**
 * A process in the list.
 *
 * @param process its state
 * @param depth how many of its parents are above it in the tree
 * @param hidden how many descendants are hidden, since it is collapsed
 */
record Row(ProcessSnapshot process, int depth, int hidden) {}
