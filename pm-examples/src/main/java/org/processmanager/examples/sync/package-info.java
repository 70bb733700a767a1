/** Examples of shared memory and synchronization between processes. */
@NullMarked
package org.processmanager.examples.sync;

import org.jspecify.annotations.NullMarked;
