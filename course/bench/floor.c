// The least that a step must do: each loop reads and writes every array once, on two threads or more.
// `course/bench/floor.py` compiles it; bytes a weight: 12, 20, 20, 24, 28, and 12 and 28 by turns.

// A small array is done before a second thread wakes up.
#define EACH _Pragma("omp parallel for simd schedule(static) if (n > 100000)") for (long i = 0; i < n; i++)

void plain(long n, float *w, const float *g, float eta) {
  EACH w[i] -= eta * g[i];
}

void momentum(long n, float *w, float *v, const float *g, float eta, float beta) {
  EACH { v[i] = beta * v[i] - eta * g[i]; w[i] += v[i]; }
}

void nesterov(long n, float *w, float *v, const float *g, float eta, float beta) {
  EACH { v[i] = beta * v[i] - eta * g[i]; w[i] += beta * v[i] - eta * g[i]; }
}

void clipped(long n, float *w, float *v, const float *g, float eta, float beta, float decay) {
  double squares = 0;
  _Pragma("omp parallel for simd schedule(static) reduction(+ : squares) if (n > 100000)")
  for (long i = 0; i < n; i++) squares += g[i] * g[i];
  float rate = squares > 1 ? eta / __builtin_sqrtf(squares) : eta;
  EACH { v[i] = beta * v[i] - rate * g[i]; w[i] += v[i] - decay * eta * w[i]; }
}

void averaged(long n, float *w, float *v, const float *g, float *a, float eta, float beta, float kept) {
  EACH { v[i] = beta * v[i] - eta * g[i]; w[i] += v[i]; a[i] = kept * a[i] + (1 - kept) * w[i]; }
}

void add(long n, float *sum, const float *g) {
  EACH sum[i] += g[i];
}

void accumulated(long n, float *w, float *v, const float *g, float *sum, float eta, float beta) {
  EACH {
    v[i] = beta * v[i] - eta * 0.25f * (sum[i] + g[i]);
    w[i] += v[i];
    sum[i] = 0;
  }
}
