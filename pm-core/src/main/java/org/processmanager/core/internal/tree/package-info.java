/**
 * The processes that belong together because one started the others, and how they are ended:
 * {@link org.processmanager.core.internal.tree.ProcessTree} finds and signals them,
 * {@link org.processmanager.core.internal.tree.StopSteps} climbs a
 * {@link org.processmanager.core.StopPolicy}.
 */
@NullMarked
package org.processmanager.core.internal.tree;

import org.jspecify.annotations.NullMarked;
