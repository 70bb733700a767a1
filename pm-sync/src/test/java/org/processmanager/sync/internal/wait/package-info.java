/** Tests of waiting on words of shared memory. */
package org.processmanager.sync.internal.wait;
