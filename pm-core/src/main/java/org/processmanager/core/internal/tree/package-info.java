/**
 * Trees of processes, and how they are terminated:
 * {@link org.processmanager.core.internal.tree.ProcessTree} finds and signals them,
 * {@link org.processmanager.core.internal.tree.StopSteps} runs a
 * {@link org.processmanager.core.StopPolicy}.
 */
@NullMarked
package org.processmanager.core.internal.tree;

import org.jspecify.annotations.NullMarked;
