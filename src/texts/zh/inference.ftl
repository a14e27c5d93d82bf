# 估计、校准与重演的报告：report/plain.rs、report/replay.rs、report/figures/inference。

## report/plain.rs

estimation-kind = 估计
estimation-subject = 历史对参数说明了什么
estimation-question = 谁在何时采纳了什么：这段历史支持哪些速率与效应，又有多大把握？
estimation-limits = 估计以模型、其联系及其未计入之物为前提。
calibration-kind = 校准
calibration-subject = 记录对参数说明了什么
calibration-question = 在先验之内，哪些参数未被这份记录排除？此时模型又符合其中哪些数字？
calibration-limits = 后验以模型、先验以及方案所述的偏差为前提。历史只是模型的一次抽取：随机性已计入区间。
fact-name = 名称

## report/figures/inference/estimation.rs

estimation-needs = 此表未写出：请以 `{ $option }` 重新估计。
estimation-rates = 每步速率
estimation-rate-axis = 每步速率；传染为每单位暴露
estimation-effects = 协变量的效应
estimation-effect-axis = 每单位对风险率对数的效应
estimation-nothing = 数据不能说明任何参数。
estimation-strengths = 强度
estimation-strength-axis = 为传染速率的倍数
estimation-frailty = 脆弱性
estimation-frailty-axis = 风险率倍数的方差
estimation-coefficients = 估计值及其区间
estimation-shares-title = 采纳归因于什么
estimation-share = 全部采纳中有 { $share } %（{ $low } 至 { $high } %）归因于传染
estimation-share-alone = 全部采纳中有 { $share } % 归因于传染
estimation-all-contagion = 全部传染
estimation-share-axis = 占全部采纳的比例
estimation-shares-about = 按估计值，每次采纳按其风险率各项的比例分摊；圆点为各次采纳的均值，横条为源于参数不确定性的 95 % 区间（见 `interval` 列）。归因不等于因果效应：没有传染时，其中部分采纳只是来得更晚。
estimation-profiles-title = 剖面似然
estimation-curves-title = 历史与模型
estimation-residuals-title = 残差
estimation-scores-title = 对留出数据的预测
estimation-no-contagion = 没有任何传染速率可与 0 区分
estimation-contagion = 传染与无传染可以区分：{ $list }
estimation-told = 可与 0 区分
estimation-untold = 不可与 0 区分
estimation-coefficients-about = 极大似然估计及 95 % 界限：取自剖面似然（聚类时按方差之比缩放偏差），或取自所要求的自助法（见 `interval` 列）。圆环：相对于 0 的检验 p 不小于 0.05；内在速率没有检验，则表示其界限到达 0。速率不能为负：下限为 0 表示数据不能将其与 0 区分。数据不能说明的参数不在图中。
estimation-value = 取值
estimation-deviance = 2 ·（最大对数似然减去该值处的对数似然）
estimation-uneven = { $name } 的上限到估计值的距离是下限的 { $times } 倍
estimation-even = 似然在估计值两侧近乎对称
estimation-profiles-about = 在参数的每个取值处，其余参数取最优值。曲线低于 3.84 处横线的部分，即视各行相互独立时的 95 % 区间。曲线不是抛物线，因此界限并非估计值加减 1.96 倍标准误。
estimation-period = 期
estimation-all-items = 全部项目
estimation-adopters = 采纳者
estimation-curves = 历史在 { $n } 期中有 { $inside } 期落在模拟带内
estimation-observed = 历史
estimation-simulated = 在估计值处模拟：均值及中间 95 %
estimation-curves-about = 各期末的采纳者。带宽来自引擎在估计值处模拟的 200 段历史，逐期计算；其中含随机性，不含参数的未知部分。图中为全部项目之和以及采纳者最多的项目，数据中有全部。
estimation-residuals = 未采纳者的比例与模型所言至多相差 { $gap }
estimation-residual = Cox–Snell 残差
estimation-cumulative = 累积风险（Nelson–Aalen）
estimation-of-residuals = 残差，附 95 % 带
estimation-exponential = 单位指数分布
estimation-residuals-about = 若模型正确，至每次采纳的累积风险服从单位指数分布，曲线即为对角线；尚未采纳的地方为删失。高于对角线，采纳早于模型所言；低于对角线则更晚。带为逐点计算；剩余不足五个时曲线终止。
estimation-score-axis = 平均对数得分（越接近 0 越好）
estimation-better = 模型对留出数据的预测优于朴素模型（{ $own } 对 { $best }）
estimation-not-better = 模型对留出数据的预测不优于朴素模型（{ $own } 对 { $best }）
estimation-scores-about = 各模型以保留的数据拟合，再预测留出的数据。朴素模型为恒定风险、Bass（全部地方中的比例）以及以邻居为自变量的互补双对数模型。“不优于”也是一种答案。

## report/figures/inference/calibration.rs

calibration-nothing = 此表没有行。
calibration-no-posterior = 没有后验
calibration-targets-title = 记录与模型
calibration-contraction-title = 记录对各参数说明了多少
calibration-ranges-title = 参数的先验与后验
calibration-waves-title = 各轮留下的先验
calibration-directions-title = 刚性与松弛方向
calibration-record = 记录
calibration-over-record = 记录的倍数
calibration-fitted = 用于拟合
calibration-held = 留出
calibration-meets = 记录的 { $n } 个数字中有 { $met } 个落在后验的 90 % 区间内
calibration-meets-held = 用于拟合的 { $n } 个数字中有 { $met } 个落在后验的 90 % 区间内，留出的 { $of } 个中有 { $held } 个
calibration-prior = 先验：中位数与 90 % 区间
calibration-posterior = 后验：中位数与 90 % 区间
calibration-targets-about = 模型在先验与后验上给出的结果（含方案所述的误差与偏差）与记录之比，记录列于括号内；若为界限，则与界限之比。区间在记录的 { $far } 倍处截断。留出的数字未用于拟合。
calibration-tells =
    记录对{ $name }说明最多（其离散程度缩小 { $share } %）{ $untold ->
        [0] {""}
       *[other] ，对 { $untold } 个参数几乎没有说明
    }
calibration-tells-nothing = 记录对任何参数都几乎没有说明
calibration-contraction = 先验标准差减少的比例
calibration-contraction-about = 1 减去后验与先验标准差之比。接近 0：记录不能说明该参数；低于 0 则后验更宽。
calibration-in-sd = 与先验中位数的距离（先验标准差）
calibration-moves-up = { $name }移动最多：中位数上移 { $by } 个先验标准差
calibration-moves-down = { $name }移动最多：中位数下移 { $by } 个先验标准差
calibration-ranges-about = 各参数先验与后验的中位数与 90 % 区间，以先验为尺度；按记录说明的多少排列。
calibration-wave = 第 { $wave } 轮（{ $points } 个点）
calibration-region = { $n } 轮之后，先验的 { $share } % 未被排除
calibration-region-empty = 整个先验都被排除
calibration-share-axis = 先验中未被排除的比例
calibration-waves-about = 每一轮在余下的部分取点运行模型，拟合仿真器，并排除不可信之处：与记录的第二大距离超过 3。未被排除不等于符合记录。
calibration-directions = 沿最刚性的方向，先验离散余下 { $ratio } %；{ $n } 个方向中有 { $sloppy } 个至少保留 80 %
calibration-weight = 参数在该方向上的权重
calibration-directions-about = 参数的方向（以先验分位数为尺度），最刚性者在前：序号，以及沿该方向后验与先验标准差之比。蓝色与橙色：符号相反。沿松弛方向，参数可以一同变化而记录毫无察觉。

## report/replay.rs, report/figures/inference/replay.rs

replay-kind = 历史的重演
replay-question = 若布局为 { $layouts }，这段历史会如何？
replay-question-factual = 这段历史在其自身布局下是否原样重现？
replay-limits = 效应只属于这段历史，以模型、其参数以及答案所述的阈值耦合为前提。被采纳的创新并不等于经济增长。
replay-explained = 一个地方为何在另一时间采纳，可用 `pointplane explain { $folder } --place ID --replicate R` 查看。
replay-explained-draw = 一个地方为何在另一时间采纳，可用 `pointplane explain { $folder } --draw N --place ID` 查看。
replay-nothing = 不会有任何不同
replay-paths = 若为“{ $layout }”，至 { $end } 采纳者为 { $mean } 个（{ $low } 至 { $high }），而非 { $factual } 个
replay-history = 历史
replay-layout = 在该布局下：均值，及中间 95 %
replay-paths-about = 各步末全部项目的采纳者。在所有重复中，历史在其自身布局下照原样发生；{ $band }
replay-paths-title = 采纳者的时间路径
replay-band-luck = 色带为 { $n } 次重复的中间 95 %，各次重复是在这些参数下对历史所余阈值可能的抽取。
replay-band-draws = 色带为全部重复的中间 95 %，参数抽样 { $draws } 次、每次 { $n } 次重复：既含历史对阈值未作说明的部分，也含参数。
replay-rows-title = 平均变化最大的是{ $name }，采纳步数 { $change }
replay-rows-gain = ；有变化的 { $places } 个地方中，{ $gain } 个的区间在 0 以上
replay-marks-luck = 圆点为 { $n } 次重复的均值，各次重复从历史所余的阈值可能中抽取；横条为在这些参数下该均值的 95 % 区间，并非单次重复的区间。
replay-marks-draws = 圆点为参数 { $draws } 次抽样、每次 { $n } 次重复的均值；可信区间为各次抽样的中间 95 %，并含随机性的误差；随机性区间只含后者，如同参数已知。
replay-places-title = 各地的变化
replay-items-title = 各项目的变化
replay-rows-about = 与历史相比采纳步数（自采纳至观察结束的步数）之差：不为 0 者中最大的 { $n } 个，数据中有全部。
replay-axis = 比历史多出的采纳步数
replay-credible-key = 可信区间
replay-luck-key = 随机性区间
